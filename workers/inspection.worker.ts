import { expose } from 'comlink';
import { inspectionService } from '../src/services/inspectionService.ts';
import { StudioDatabase } from '../src/storage/database.ts';
import { readWasm } from './readWasm.ts';

expose(inspectionService({ database: new StudioDatabase(), readWasm }));
