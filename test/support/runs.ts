/** How often a property is tried: a few times at each change, `ASSENT_RUNS` times as often where somebody asks for it. */
export const runs = (usual: number): number => usual * Number(process.env['ASSENT_RUNS'] ?? 1);
