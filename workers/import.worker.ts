import { expose } from 'comlink';
import { importService } from '../src/services/importService.ts';
import { StudioDatabase } from '../src/storage/database.ts';

expose(importService(new StudioDatabase()));
