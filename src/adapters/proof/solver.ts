import type { init, Z3_error_code, Z3_lbool } from 'z3-solver';

/** What the solver found: a model by variable, that there is none, or why it cannot tell. */
export type Found =
  | { readonly result: 'model'; readonly model: Model }
  | { readonly result: 'none' }
  | { readonly result: 'unknown'; readonly why: string };

/** Values by the path of a variable, only of those that matter; texts are found besides, for the solver knows none. */
export type Model = ReadonlyMap<string, boolean | number | string>;

export interface Solver {
  /** Looks for values that satisfy a script of SMT-LIB; at most `milliseconds` long. */
  solve(script: string, milliseconds: number): Promise<Found>;
  close(): Promise<void>;
}

type Api = Awaited<ReturnType<typeof init>> & {
  readonly Z3_lbool: typeof Z3_lbool;
  readonly Z3_error_code: typeof Z3_error_code;
};

const maxMegabytes = 1024;

/**
 * Z3, which is 35 MB of WebAssembly and its threads: so it is loaded when something has to be solved, and not before. `close`
 * ends the threads, which would keep the process alive.
 */
export function createSolver(): Solver {
  let loading: Promise<Api> | null = null;
  const load = async (): Promise<Api> => {
    const z3 = await import('z3-solver');
    // It says so on standard error where a thread answers after its end; that is no news.
    const api = await z3.init({ printErr: () => undefined });
    api.Z3.global_param_set('memory_max_size', String(maxMegabytes));
    return { ...api, Z3_lbool: z3.Z3_lbool, Z3_error_code: z3.Z3_error_code };
  };
  return {
    async solve(script, milliseconds) {
      loading ??= load();
      return ask(await loading, script, milliseconds);
    },
    async close() {
      if (loading === null) return;
      const { killThreads } = await import('z3-solver');
      const { em } = await loading;
      loading = null;
      await killThreads(em);
    },
  };
}

/**
 * One question in a context of its own: with the context everything the question took is given back, where the library's
 * objects would wait for a collector that does not see their memory.
 */
async function ask(
  { Z3, Z3_lbool, Z3_error_code }: Api,
  script: string,
  milliseconds: number,
): Promise<Found> {
  const config = Z3.mk_config();
  const context = Z3.mk_context(config);
  Z3.del_config(config);
  try {
    const solver = Z3.mk_solver(context);
    Z3.solver_inc_ref(context, solver);
    const parameters = Z3.mk_params(context);
    Z3.params_set_uint(context, parameters, Z3.mk_string_symbol(context, 'timeout'), milliseconds);
    Z3.solver_set_params(context, solver, parameters);
    Z3.solver_from_string(context, solver, script);
    const code = Z3.get_error_code(context);
    if (code !== Z3_error_code.Z3_OK)
      throw new SolverFault(Z3.get_error_msg(context, code), script);
    const answer = await Z3.solver_check(context, solver);
    if (answer === Z3_lbool.Z3_L_FALSE) return { result: 'none' };
    if (answer === Z3_lbool.Z3_L_UNDEF)
      return { result: 'unknown', why: Z3.solver_get_reason_unknown(context, solver) };
    const model = Z3.solver_get_model(context, solver);
    const values = Array.from({ length: Z3.model_get_num_consts(context, model) }, (_, index) => {
      const constant = Z3.model_get_const_decl(context, model, index);
      const value = Z3.model_get_const_interp(context, model, constant);
      const name = Z3.get_symbol_string(context, Z3.get_decl_name(context, constant));
      return [name, value === null ? null : valueOf(Z3.ast_to_string(context, value))] as const;
    });
    return {
      result: 'model',
      model: new Map(
        values.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])),
      ),
    };
  } finally {
    Z3.del_context(context);
  }
}

/** A script the solver cannot read, or no memory for it: a fault of ours, not an answer. */
class SolverFault extends Error {
  override readonly name = 'SolverFault';
  readonly script: string;
  constructor(message: string, script: string) {
    super(`the solver refused a question: ${message}`);
    this.script = script;
  }
}

function valueOf(term: string): boolean | number {
  if (term === 'true' || term === 'false') return term === 'true';
  const [, sign, numerator = '', denominator] =
    /^\(?(- )?\(?(?:\/ )?([\d.]+)(?: ([\d.]+))?\)*$/.exec(term) ?? [];
  const value = Number(numerator) / Number(denominator ?? 1);
  return sign === undefined ? value : -value;
}
