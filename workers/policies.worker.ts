import { transfer } from 'comlink';
import { policyService } from '../src/services/policyService.ts';
import { StudioDatabase } from '../src/storage/database.ts';
import { serve } from './serve.ts';

serve(policyService(new StudioDatabase(), transfer));
