//go:build unix

package fast

import (
	"errors"
	"net"
	"syscall"
)

// quiet reports whether nothing has come over an idle connection, not even its end. What
// has come belongs to no request: the next one would take it for its answer. To look
// costs a system call that does not wait, and a byte of a connection that is thrown
// away anyway. What is no socket cannot be looked at and passes for quiet.
func quiet(c net.Conn) bool {
	for {
		outer, ok := c.(interface{ NetConn() net.Conn })
		if !ok {
			break
		}
		c = outer.NetConn()
	}
	socket, ok := c.(syscall.Conn)
	if !ok {
		return true
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return false
	}
	waits := false
	err = raw.Read(func(descriptor uintptr) bool {
		_, err := syscall.Read(int(descriptor), make([]byte, 1))
		waits = errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EINTR)
		return true
	})
	return err == nil && waits
}
