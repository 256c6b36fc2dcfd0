/** Does a piece of work once, and says what it cost. */
export type Measure<Result> = () => Promise<Result>

/**
 * Every measure once in each round, beginning with another one each time: a machine that is slower for a while is so for
 * all, and nobody always follows the same neighbour.
 */
export async function inTurns<Name extends string, Result>(
  measures: Readonly<Record<Name, Measure<Result>>>,
  rounds: number,
): Promise<Record<Name, Result[]>> {
  const names = Object.keys(measures) as Name[]
  const results = Object.fromEntries(names.map((name) => [name, [] as Result[]])) as Record<Name, Result[]>
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round) % names.length]!
      results[name].push(await measures[name]())
    }
  }
  return results
}
