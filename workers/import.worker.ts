import { importService } from '../src/services/importService.ts';
import { StudioDatabase } from '../src/storage/database.ts';
import { serve } from './serve.ts';

serve(importService(new StudioDatabase(), undefined, undefined, navigator.locks));
