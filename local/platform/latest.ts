/** The latest so many of something. */
export class Latest<T> {
  private readonly items: T[] = [];

  public constructor(private readonly limit: number) {}

  public add(item: T): void {
    this.items.push(item);
    if (this.items.length > this.limit) this.items.shift();
  }

  public get newestFirst(): T[] {
    return [...this.items].reverse();
  }
}
