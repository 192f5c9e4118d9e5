import { resultsService } from '../src/services/resultsService.ts';
import { StudioDatabase } from '../src/storage/database.ts';
import { serve } from './serve.ts';

serve(resultsService(new StudioDatabase(), navigator.userAgent));
