package web

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
)

// The names of this computer, in the order in which they are tried: what a
// browser may call the page by, each with the port.
const (
	four  = "127.0.0.1"
	six   = "::1"
	named = "localhost"
)

// attempts is how many free ports are tried until one is free on both addresses.
const attempts = 16

// An Address is where the page is asked for: one of the names of this computer
// and a port, 0 for any that is free.
type Address struct {
	host string
	port uint16
}

// ParseAddress reads HOST:PORT or PORT alone. A host that is not this computer is
// refused: the page has no password, and what it shows is nobody else's.
func ParseAddress(text string) (Address, error) {
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		host, port = four, text // a port alone, or nothing of use
	}
	if host != four && host != six && host != named {
		return Address{}, fmt.Errorf("cannot serve on %q: the page is for this computer only (%s, [%s] or %s)", text, four, six, named)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return Address{}, fmt.Errorf("cannot serve on %q: want %s:PORT or PORT, with a port of at most 65535", text, four)
	}
	return Address{host: host, port: uint16(number)}, nil
}

// listen takes the port on both addresses of this computer, or on the one that
// there is. Both matter: a browser that is sent to localhost tries either, and
// whoever listens on the other would be taken for this page.
func (a Address) listen(ctx context.Context) ([]net.Listener, error) {
	var last error
	for range attempts {
		both, err := pair(ctx, a.port)
		if err == nil {
			return both, nil
		}
		last = err
		if a.port != 0 {
			break // the port was named: there is no other
		}
	}
	return nil, last
}

// pair listens on the port on both addresses, on the second at the port that the
// first was given.
func pair(ctx context.Context, port uint16) (both []net.Listener, err error) {
	for _, host := range []string{four, six} {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(int(port))))
		switch {
		case err == nil:
			both = append(both, l)
			port = portOf(l.Addr())
		case absent(err): // a machine without IPv6, or without IPv4
		default:
			return nil, errors.Join(err, closeAll(both))
		}
	}
	if len(both) == 0 {
		return nil, errors.New("this computer has neither 127.0.0.1 nor ::1")
	}
	return both, nil
}

// within tells whether a listener has the address that was asked for. A browser finds
// localhost at either.
func (a Address) within(l net.Listener) bool {
	host, _, err := net.SplitHostPort(l.Addr().String())
	return err == nil && (a.host == named || a.host == host)
}

// absent tells whether listening failed because there is no such address here.
func absent(err error) bool {
	return errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT) || errors.Is(err, syscall.EPROTONOSUPPORT)
}

// portOf is the port of a listener.
func portOf(a net.Addr) uint16 {
	if tcp, ok := a.(*net.TCPAddr); ok {
		return tcp.AddrPort().Port()
	}
	return 0
}

// closeAll closes listeners.
func closeAll(list []net.Listener) error {
	var errs []error
	for _, l := range list {
		errs = append(errs, l.Close())
	}
	return errors.Join(errs...)
}

// ours tells whether a Host header names this computer at the port: whether it is,
// in full, one of the few names that the page has. A page of somebody else's whose
// name was made to point here (DNS rebinding) sends its own name, and so do
// 127.0.0.1.evil.example, 127.1 and 2130706433, which a comparison of beginnings or a
// lookup would let through.
func ours(host string, port uint16) bool {
	for _, name := range []string{four, "[" + six + "]", named} {
		if host == name+":"+strconv.Itoa(int(port)) {
			return true
		}
		if port == 80 && host == name { // there browsers leave it out
			return true
		}
	}
	return false
}
