// The shortest program, for the benchmark of the start.

import { Auditor } from 'auditbox';

new Auditor().emit({ action: 'call_allowed' });
