package engine

import (
	"errors"
	"runtime"
	"sync"

	"github.com/auditbox/auditbox/host/go/internal/component"
)

// keptBytes: an instance whose memory has grown beyond this, which it never gives back, is not kept.
const keptBytes = 16 << 20

// Handed is what one call has handed over. Lines are the numbers of the events within the call.
type Handed struct {
	// Rows are for the outbox.
	Rows []Row
	// Writes are for the sinks.
	Writes []Write
}

// Row is a record for the outbox.
type Row struct {
	component.Row
	Line uint32
}

// Write is one record for one sink.
type Write struct {
	Line       uint32
	Sink, Body string
}

// Pool is instances of one program under one configuration, one for each call that runs at the same time.
type Pool struct {
	program *component.Program
	config  []byte
	// kept is how many stay idle: more never run at the same time for long.
	kept int

	mutex sync.Mutex
	idle  []*guest
}

// guest is an instance, and what it has handed over in the call that runs.
type guest struct {
	*component.Instance
	handed Handed
}

// Append notes a row down. Nothing is carried out before the call has returned.
func (g *guest) Append(line uint32, row component.Row) error {
	g.handed.Rows = append(g.handed.Rows, Row{row, line})
	return nil
}

// Write notes a record down.
func (g *guest) Write(line uint32, sink, body string) error {
	g.handed.Writes = append(g.handed.Writes, Write{line, sink, body})
	return nil
}

// NewPool makes a pool, and answers with the configuration in force. Fails as [Pool.Call] does.
func NewPool(program *component.Program, config []byte) (*Pool, string, error) {
	pool := &Pool{program: program, config: config, kept: 2 * runtime.GOMAXPROCS(0)}
	first, effective, err := pool.configured()
	if err != nil {
		return nil, "", err
	}
	pool.putBack(first)
	return pool, effective, nil
}

// Call runs a function on an instance that nobody else uses, and answers with what it returned and handed over. Fails
// with a [component.Refusal]; with a [component.Trap], after which the instance is dropped and another takes its place.
func (p *Pool) Call(function *component.Function, arguments ...[]byte) ([]string, Handed, error) {
	guest, err := p.take()
	if err != nil {
		return nil, Handed{}, err
	}
	results, err := guest.Call(function, arguments...)
	handed := guest.handed
	guest.handed = Handed{}
	var trap *component.Trap
	if errors.As(err, &trap) {
		guest.Close()
		return nil, Handed{}, err
	}
	p.putBack(guest)
	return results, handed, err
}

// Close frees the idle instances. No call may be running.
func (p *Pool) Close() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for _, guest := range p.idle {
		guest.Close()
	}
	p.idle = nil
}

func (p *Pool) take() (*guest, error) {
	p.mutex.Lock()
	if last := len(p.idle) - 1; last >= 0 {
		guest := p.idle[last]
		p.idle = p.idle[:last]
		p.mutex.Unlock()
		return guest, nil
	}
	p.mutex.Unlock()
	guest, _, err := p.configured()
	return guest, err
}

func (p *Pool) putBack(guest *guest) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if len(p.idle) < p.kept && guest.MemoryBytes() <= keptBytes {
		p.idle = append(p.idle, guest)
		return
	}
	guest.Close()
}

func (p *Pool) configured() (*guest, string, error) {
	guest := &guest{}
	instance, err := p.program.Instantiate(guest)
	if err != nil {
		return nil, "", err
	}
	guest.Instance = instance
	effective, err := guest.Call(component.Configure, p.config)
	if err != nil {
		guest.Close()
		return nil, "", err
	}
	return guest, effective[0], nil
}

// Once runs a function on an instance of its own, which has no configuration.
func Once(program *component.Program, function *component.Function, arguments ...[]byte) ([]string, error) {
	instance, err := program.Instantiate(&guest{})
	if err != nil {
		return nil, err
	}
	defer instance.Close()
	return instance.Call(function, arguments...)
}
