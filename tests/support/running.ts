/** What the global setup started and the global teardown ends; both run in the same process. */
const endings: (() => Promise<void>)[] = [];

export function whenTestsEnd(end: () => Promise<void>): void {
  endings.push(end);
}

export async function endAll(): Promise<void> {
  for (const end of endings.splice(0).reverse()) await end();
}
