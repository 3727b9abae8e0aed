package web

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
	"testing"
)

func TestOnlyThisComputerIsListenedOn(t *testing.T) {
	for text, want := range map[string]Address{
		"127.0.0.1:0": {four, 0}, "8080": {four, 8080}, "0": {four, 0}, "[::1]:80": {six, 80},
		"localhost:65535": {named, 65535},
	} {
		if got, err := ParseAddress(text); err != nil || got != want {
			t.Errorf("%q: got %+v, %v, want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", ":", ":8080", "0.0.0.0:0", "[::]:0", "192.168.1.1:80", "example.com:80", "127.0.0.2:80", "127.1:80", "127.0.0.1",
		"127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:http", "70000", "LOCALHOST:1", "localhost.:1", "[::1%lo]:1",
	} {
		got, err := ParseAddress(text)
		if err == nil {
			t.Errorf("%q was taken for %+v", text, got)
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: more than one line: %q", text, err)
		}
	}
}

// FuzzHost holds the comparison of names to what a parser of addresses makes of the
// same header: what it lets through is an address of this computer in its one usual
// form, or localhost, with the right port.
func FuzzHost(f *testing.F) {
	for _, host := range hostileHosts(8080) {
		f.Add(host, uint16(8080))
	}
	for _, host := range []string{"127.0.0.1:8080", "[::1]:8080", "localhost:8080", "localhost", "[::1]"} {
		f.Add(host, uint16(8080))
		f.Add(host, uint16(80))
	}
	f.Fuzz(func(t *testing.T, host string, port uint16) {
		if got, want := ours(host, port), parsed(host, port); got != want {
			t.Errorf("Host %q at port %d: let through is %v, want %v", host, port, got, want)
		}
	})
}

// parsed is what ours should be, by taking the header apart.
func parsed(host string, port uint16) bool {
	name, digits, err := net.SplitHostPort(host)
	if err != nil && port == 80 {
		name, digits, err = net.SplitHostPort(host + ":80")
	}
	if err != nil || digits != strconv.Itoa(int(port)) {
		return false
	}
	if name == "localhost" {
		return !strings.HasPrefix(host, "[")
	}
	ip, err := netip.ParseAddr(name)
	usual := err == nil && ip.String() == name && strings.HasPrefix(host, "[") == ip.Is6()
	return usual && (ip == netip.IPv6Loopback() || ip == netip.AddrFrom4([4]byte{127, 0, 0, 1}))
}

// hostileHosts are names that look like those of this computer, and are not, for a
// page at the port.
func hostileHosts(port uint16) []string {
	at := ":" + strconv.Itoa(int(port))
	return []string{
		"", "evil.example", "evil.example" + at, "127.0.0.1.evil.example" + at, "127.0.0.1.evil.example", "127.1" + at,
		"localhost.evil" + at, "localhost." + at, "evil.localhost" + at, "127.0.0.1:1", "localhost:1", "127.0.0.1", "localhost",
		"2130706433" + at, "0x7f000001" + at, "0177.0.0.1" + at, "127.0.0.01" + at, "127.0.0.2" + at, "0.0.0.0" + at,
		"[::ffff:127.0.0.1]" + at, "[0:0:0:0:0:0:0:1]" + at, "[::1%25lo]" + at, "::1" + at, "[::]" + at, "[127.0.0.1]" + at, "[localhost]" + at,
		"127.0.0.1" + at + "0", "127.0.0.1:0" + strings.TrimPrefix(at, ":"), "LOCALHOST" + at, "user@127.0.0.1" + at,
	}
}
