import { expose, transfer } from 'comlink';
import { policyService } from '../src/services/policyService.ts';
import { StudioDatabase } from '../src/storage/database.ts';

expose(policyService(new StudioDatabase(), transfer));
