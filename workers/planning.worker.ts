import { expose } from 'comlink';
import { planningService } from '../src/services/planningService.ts';

expose(planningService);
