import type { Dashboard } from '../schema.js';
import { assistant } from './assistant.js';
import { deploy } from './deploy.js';
import { dialogs } from './dialogs.js';
import { node } from './node.js';
import { overview } from './overview.js';
import { redis } from './redis.js';
import { sockets } from './sockets.js';

/** By the names of their files. */
export const dashboards: Record<string, Dashboard> = { overview, sockets, dialogs, assistant, redis, node, deploy };
