module github.com/auditbox/auditbox/host/go

go 1.24.0

// Runs the component, without cgo. The newest that takes Go 1.24; 1.12 is no faster here.
require github.com/tetratelabs/wazero v1.11.0

// Of wazero.
require golang.org/x/sys v0.38.0 // indirect
