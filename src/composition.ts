/**
 * The only file that names concrete adapters: it joins ports to what implements them, and hands use cases to the entrypoints.
 */
export {};
