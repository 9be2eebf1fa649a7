import { createMemoryLedgerBranch } from '../../../src/adapters/memory/ledger-branch.ts';
import { describeLedgerBranch } from './suite.ts';

describeLedgerBranch('in memory', async () => createMemoryLedgerBranch());
