package main

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/spf13/pflag"
)

// sourceFlags say what is fetched, and what is sent along.
type sourceFlags struct {
	urls, profile string
	headers       []string
	given         map[string]string // headers by their canonical names
}

// define adds the flags.
func (f *sourceFlags) define(flags *pflag.FlagSet) {
	flags.StringVar(&f.urls, "urls", "", "read one URL a line from this `file` (- for stdin)")
	flags.StringVar(&f.profile, "profile", "", "`name` of the embedded upstream's profile (article if nothing is given)")
	flags.StringArrayVarP(&f.headers, "header", "H", nil, "send this `header` to every URL, as in 'Name: env:VARIABLE' or 'Name: @file'; repeatable")
}

// addHeaders writes the headers of the command line over those of the plan. No
// message quotes a value.
func (f *sourceFlags) addHeaders(flags *pflag.FlagSet, plan *bench.Plan) error {
	if flags.Changed("header") && plan.Upstream.Profile != "" {
		return &failure{code: exitUsage, err: errors.New("--header is for URLs, and the embedded upstream reads none"), hint: "give the URLs that it is meant for"}
	}
	f.given = map[string]string{}
	for i, line := range f.headers {
		name, value, ok := strings.Cut(line, ":")
		name = strings.TrimSpace(name)
		if !ok || name == "" || strings.ContainsAny(name, " \t") {
			return &failure{code: exitUsage, err: fmt.Errorf("--header number %d is no header", i+1), hint: "write -H 'Name: value'"}
		}
		name = http.CanonicalHeaderKey(name)
		if _, twice := f.given[name]; twice {
			return fmt.Errorf("--header %s is given twice", name)
		}
		f.given[name] = strings.TrimSpace(value)
	}
	if len(f.given) == 0 {
		return nil
	}
	for i, r := range plan.URLs {
		// What the plan calls by another letter case is the same header.
		header := map[string]string{}
		for name, value := range r.Header {
			if _, replaced := f.given[http.CanonicalHeaderKey(name)]; !replaced {
				header[name] = value
			}
		}
		maps.Copy(header, f.given)
		plan.URLs[i].Header = header
	}
	return nil
}

// warn names the secrets that stand in the plan as they are, and the way out.
func (f *sourceFlags) warn(s *streams, args []string, plan bench.Plan) {
	if n := plan.Requests; n > 0 && n < len(plan.URLs) {
		s.note("a batch of %d: the first of %d URLs, the others are not fetched", n, len(plan.URLs))
	}
	literals := plan.Literals()
	if len(literals) == 0 {
		return
	}
	const shown = 5
	text := list(literals[:min(shown, len(literals))])
	if more := len(literals) - shown; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	typed := bench.Plan{URLs: []bench.Request{{Header: f.given}}}
	for _, arg := range args {
		typed.URLs = append(typed.URLs, bench.Request{URL: arg})
	}
	open := ""
	if len(typed.Literals()) > 0 {
		open = ", and everybody on this machine can read arguments"
	}
	s.note("fetchbench: warning: secrets in plain text (%s)%s; write env:NAME or @FILE in their place, as in -H 'Authorization: env:TOKEN'", text, open)
}
