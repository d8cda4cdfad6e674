import { folder } from './folder.js';
import { write } from './write.js';

write(folder());
