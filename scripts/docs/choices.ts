/** Members that are never given together, with what goes along with each. */
export function choicesOf(cases: readonly (readonly string[])[]): string[][][] {
  const names = [...new Set(cases.flat())];
  const areTogether = (a: string, b: string): boolean =>
    cases.some((one) => one.includes(a) && one.includes(b));
  const choices: string[][][] = [];
  const left = new Set(names);
  for (const name of names) {
    if (!left.has(name)) continue;
    const group = new Set([name]);
    for (const member of group) {
      for (const other of names) if (!areTogether(member, other)) group.add(other);
    }
    group.forEach((member) => left.delete(member));
    const sets = cases.map((one) => one.filter((member) => group.has(member)));
    choices.push([...new Map(sets.map((set) => [set.join(), set])).values()]);
  }
  return choices;
}
