import { inspectionService } from '../src/services/inspectionService.ts';
import { StudioDatabase } from '../src/storage/database.ts';
import { readWasm } from './readWasm.ts';
import { serve } from './serve.ts';

serve(inspectionService({ database: new StudioDatabase(), readWasm }));
