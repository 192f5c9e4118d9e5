import { planningService } from '../src/services/planningService.ts';
import { serve } from './serve.ts';

serve(planningService);
