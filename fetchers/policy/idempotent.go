package policy

import (
	"net/http"
	"strings"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// Idempotent reports whether a request may be sent more than once without doing more
// than once what it does: the method is one of RFC 9110, section 9.2.2 (GET, HEAD,
// OPTIONS, TRACE, PUT, DELETE), or an Idempotency-Key lets the upstream recognise the
// second one. Only such requests are retried and hedged.
func Idempotent(r client.Request) bool {
	switch r.Method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace,
		http.MethodPut, http.MethodDelete:
		return true
	}
	for name, values := range r.Header {
		// The client sends whatever spelling a caller uses in canonical form.
		if strings.EqualFold(name, "Idempotency-Key") && strings.Join(values, "") != "" {
			return true
		}
	}
	return false
}
