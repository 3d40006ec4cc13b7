import { element, patchChildren, setAttribute, setText, show } from "./dom.mjs";

/** More rows than that are scrolled within the table. */
const ROWS_SHOWN = 11;

/**
 * @template T
 * @typedef {object} Column
 * @property {string} label
 * @property {string} [kind] a class of its cells: number, code
 * @property {(cell: HTMLElement, row: T) => void} render brings the cell up to date
 */

/**
 * A table that changes in place. Its roles are said, too: on narrow screens its cells are laid out as cards, and
 * browsers then forget that it is a table.
 *
 * @template T
 */
export class Table {
  /**
   * @param {Element} parent
   * @param {{ label: string, columns: readonly Column<T>[], key: (row: T) => string }} options
   */
  constructor(parent, { label, columns, key }) {
    this.columns = columns;
    this.key = key;
    const heads = columns.map(({ label, kind = "" }) =>
      element("th", { scope: "col", role: "columnheader", class: kind }, label),
    );
    this.body = element("tbody", { role: "rowgroup" });
    const table = element(
      "table",
      { role: "table", "aria-label": label },
      element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...heads)),
      this.body,
    );
    this.scroller = element("div", { class: "scroller", role: "region", "aria-label": label }, table);
    this.empty = element("p", { class: "empty" });
    parent.append(this.scroller, this.empty);
  }

  /**
   * @param {readonly T[]} rows
   * @param {string} empty what is said where there are none
   */
  update(rows, empty) {
    setText(this.empty, empty);
    show(this.empty, rows.length === 0);
    show(this.scroller, rows.length > 0);
    // what scrolls must be reached by the keyboard
    setAttribute(this.scroller, "tabindex", rows.length > ROWS_SHOWN ? "0" : undefined);
    patchChildren(this.body, rows, {
      key: this.key,
      create: () => this.createRow(),
      update: (tr, row) => this.columns.forEach(({ render }, index) => render(tr.children[index], row)),
    });
  }

  createRow() {
    const cells = this.columns.map(({ label, kind = "" }) =>
      element("td", { role: "cell", class: kind, "data-label": label }),
    );
    return element("tr", { role: "row" }, ...cells);
  }
}

/**
 * A column of plain text.
 *
 * @template T
 * @param {string} label
 * @param {(row: T) => string} text
 * @param {string} [kind]
 * @returns {Column<T>}
 */
export const textColumn = (label, text, kind) => ({
  label,
  kind,
  render: (cell, row) => setText(cell, text(row)),
});
