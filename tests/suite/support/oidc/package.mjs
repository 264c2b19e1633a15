// What comes from npm. The packages lie below `target`, not beside these files: they are looked up in the folder in
// which node was started.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const load = (file) => import(pathToFileURL(join(process.cwd(), 'node_modules', file)));

export const { Provider, errors } = await load('oidc-provider/lib/index.js');
export const jose = await load('jose/dist/webapi/index.js');
