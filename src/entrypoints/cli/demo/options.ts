export interface DemoCommandOptions {
  readonly once?: true;
  readonly port?: number;
  readonly out?: string;
  readonly json?: true;
}
