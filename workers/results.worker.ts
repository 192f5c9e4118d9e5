import { expose } from 'comlink';
import { resultsService } from '../src/services/resultsService.ts';
import { StudioDatabase } from '../src/storage/database.ts';

expose(resultsService(new StudioDatabase(), navigator.userAgent));
