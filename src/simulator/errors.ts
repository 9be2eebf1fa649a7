/**
 * A request that GitHub refuses. Thrown, not returned: every handler may refuse at any depth, and one place words the answer.
 */
export class GitHubRefusal extends Error {
  readonly status: number;
  readonly errors: readonly FieldError[] | undefined;

  constructor(status: number, message: string, errors?: readonly FieldError[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

export interface FieldError {
  readonly resource?: string;
  readonly field?: string;
  readonly code: string;
  readonly message?: string;
}

/** GraphQL's refusals have a type (`STALE_DATA`, `NOT_FOUND`, `FORBIDDEN`, …) instead of a status. */
export class GraphQLRefusal extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

export const notFound = (): GitHubRefusal => new GitHubRefusal(404, 'Not Found');

export const unprocessable = (message: string, errors?: readonly FieldError[]): GitHubRefusal =>
  new GitHubRefusal(422, message, errors);

export const invalidField = (
  resource: string,
  field: string,
  code: 'invalid' | 'missing_field' | 'already_exists' | 'custom' | 'missing',
  message?: string,
): GitHubRefusal =>
  unprocessable('Validation Failed', [
    { resource, field, code, ...(message === undefined ? {} : { message }) },
  ]);
