// Package engine runs the guest: it keeps compiled code between runs, and configured instances between calls.
package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"sync"

	"github.com/auditbox/auditbox/host/go/internal/component"
	"github.com/tetratelabs/wazero"
)

// ErrChanged says that the component is not the one that belongs to the module.
var ErrChanged = errors.New("the component in this module is not the one it was published with: fetch the module again")

// Carried is the component that the module carries, and the SHA-256 it must have, in hexadecimal digits.
type Carried struct {
	Wasm   []byte
	SHA256 string

	once    sync.Once
	program *component.Program
	err     error
}

// Program is compiled once in a process, and kept. Fails with [ErrChanged], or as [Load] does.
func (c *Carried) Program() (*component.Program, error) {
	c.once.Do(func() {
		sum := sha256.Sum256(c.Wasm)
		if hex.EncodeToString(sum[:]) != strings.TrimSpace(c.SHA256) {
			c.err = ErrChanged
			return
		}
		c.program, c.err = Load(c.Wasm)
	})
	return c.program, c.err
}

// Load compiles and links the bytes of a `.wasm`, unless that was done before. Fails with a [component.Unfit].
func Load(wasm []byte) (*component.Program, error) { return load(wasm, compileCache()) }

func load(wasm []byte, cache wazero.CompilationCache) (*component.Program, error) {
	program, err := component.Load(wasm, cache)
	if err != nil && cache != nil {
		// It may be the cache that is broken, or on a full disk.
		return component.Load(wasm, nil)
	}
	return program, err
}
