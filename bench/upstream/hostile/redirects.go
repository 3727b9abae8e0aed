package hostile

import (
	"net/http"
	"net/url"
	"strconv"
)

// redirects are the endpoints that send elsewhere.
func redirects() []endpoint {
	return []endpoint{
		{"/redirect", redirect},
		{"/redirect-loop", func(v *visit) { v.redirect(v.r.URL.RequestURI()) }},
		{"/redirect-to", func(v *visit) { v.redirect(v.named("url", "/ok")) }},
		{"/redirect-other-host", func(v *visit) { v.elsewhere("other") }},
		{"/redirect-other-port", func(v *visit) { v.elsewhere("port2") }},
		{"/redirect-no-location", func(v *visit) { v.text(v.code("code", http.StatusFound), "somewhere\n") }},
	}
}

// redirect leads to itself ?n times and then answers.
func redirect(v *visit) {
	n := v.size("n", 1)
	if n == 0 {
		v.text(http.StatusOK, "ok\n")
		return
	}
	query := url.Values{"n": {strconv.Itoa(n - 1)}}
	for _, name := range []string{"code", "id"} {
		if v.query.Has(name) {
			query.Set(name, v.query.Get(name))
		}
	}
	v.redirect("/redirect?" + query.Encode())
}

// redirect answers with the status ?code and the address as it is.
func (v *visit) redirect(to string) {
	v.w.Header().Set("Location", to)
	v.text(v.code("code", http.StatusFound), "elsewhere\n")
}

// elsewhere redirects to the echo of another listener.
func (v *visit) elsewhere(listener string) {
	base := v.server.URL(listener)
	if base == "" {
		v.text(http.StatusNotImplemented, "there is no listener "+listener+" on this machine\n")
		return
	}
	v.redirect(base + "/echo")
}
