package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/fetchbench/fetchbench/fetchers"
)

// An item of a plan is an id and the path that its summary is at.
type item struct{ id, path string }

// plan lists n items: one call for each id, made from a template.
func plan(n int) []item {
	names := []string{"bob", "bill", "betty"}
	items := make([]item, n)
	for i := range items {
		id := fmt.Sprintf("product-%d", i+1)
		if i < len(names) {
			id = names[i]
		}
		items[i] = item{id, "greet/?name=" + url.QueryEscape(id)}
	}
	return items
}

// summariesPage fills a map of id to body. What failed is in no place of the map, and
// in the list of errors.
func (s *site) summariesPage(r *http.Request, strategy fetchers.Strategy) (page, error) {
	n := 3
	if s.n > 0 {
		n = s.n
	}
	if asked := r.URL.Query().Get("n"); asked != "" {
		var err error
		if n, err = count(asked); err != nil {
			return text(http.StatusBadRequest, err.Error()+"\n"), nil
		}
	}
	items := plan(n)
	bodies, errs := fetchers.Map(r.Context(), strategy, items, s.summary)
	return summaries(items, bodies, errs)
}

// summary fetches one summary. The key goes to the upstream and into nothing else.
func (s *site) summary(ctx context.Context, i item) (string, error) {
	o, body := s.fetch(ctx, s.full(i))
	return body, o.Failed()
}

// full is the address of an item: base, path and key.
func (s *site) full(i item) string {
	return strings.TrimSuffix(s.base.String(), "/") + "/" + i.path + "&api_key=" + url.QueryEscape(s.key)
}

// failure is a summary that there is not.
type failure struct {
	ID    string `json:"id"`
	Error string `json:"error"`
}

// summaries is the page: a map in the order of the plan, which a map of Go has not, and
// the errors.
func summaries(items []item, bodies []string, errs []error) (page, error) {
	failures := []failure{}
	var filled bytes.Buffer
	for i, item := range items {
		if errs[i] != nil {
			failures = append(failures, failure{item.id, errs[i].Error()})
			continue
		}
		if filled.Len() > 0 {
			filled.WriteByte(',')
		}
		pair, err := json.Marshal(map[string]string{item.id: bodies[i]})
		if err != nil {
			return page{}, err
		}
		filled.Write(pair[1 : len(pair)-1]) // without the braces
	}
	body, err := json.Marshal(struct {
		Summaries json.RawMessage `json:"summaries"`
		Errors    []failure       `json:"errors"`
	}{json.RawMessage("{" + filled.String() + "}"), failures})
	return page{http.StatusOK, kindJSON, append(body, '\n')}, err
}
