// Packages from npm lie below `target`, not beside these files: they are looked up in the folder in which node was
// started.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Loads a file of a package. */
export const load = (file) => import(pathToFileURL(join(process.cwd(), 'node_modules', file)));
