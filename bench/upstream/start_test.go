package upstream

import (
	"fmt"
	"testing"
	"time"
)

// BenchmarkStart is what a server costs before its first request.
func BenchmarkStart(b *testing.B) {
	for _, secure := range []bool{false, true} {
		b.Run(fmt.Sprintf("secure=%v", secure), func(b *testing.B) {
			p := constant(10, 0)
			for b.Loop() {
				s, err := Serve("", p, Options{Secure: secure})
				if err != nil {
					b.Fatal(err)
				}
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("authority", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := newAuthority(time.Now()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
