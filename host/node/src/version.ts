const OLDEST = 24;

if (Number.parseInt(process.versions.node, 10) < OLDEST) {
  throw new Error(
    `auditbox needs Node.js ${OLDEST} or newer, and this is ${process.versions.node}: run a newer Node.js`,
  );
}

export {};
