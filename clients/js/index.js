export { ReplyXClient } from './src/client.js';
export { ReplyXError } from './src/problems.js';
export { memoryStorage } from './src/storage.js';
