package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"

	"github.com/fetchbench/fetchbench/fetchers"
)

// The numbers that comics are picked from, both included. 0 is none, which is a good
// thing to have in an example.
const firstPick, lastPick = 0, 300

// A comic is a slot of the page: what the API says, or why it does not.
type comic struct {
	Number     int `json:"-"`
	Title, Alt string
	Img        string
	Err        error `json:"-"`
}

// comicsPage shows n random comics. One that fails keeps its slot and stops nothing.
func (s *site) comicsPage(r *http.Request, strategy fetchers.Strategy) (page, error) {
	n, seed, err := s.wanted(r.URL.Query())
	if err != nil {
		return text(http.StatusBadRequest, err.Error()+"\n"), nil
	}
	comics, errs := fetchers.Map(r.Context(), strategy, picks(n, seed), s.comic)
	for i, err := range errs {
		comics[i].Err = err
	}
	return s.html("comics.html", map[string]any{"Comics": comics, "N": n, "Seed": strconv.FormatUint(seed, 10)})
}

// comic fetches what the API says of a number.
func (s *site) comic(ctx context.Context, number int) (comic, error) {
	c := comic{Number: number}
	o, body := s.fetch(ctx, s.comicURL(number))
	if err := o.Failed(); err != nil {
		return c, err
	}
	if err := json.Unmarshal([]byte(body), &c); err != nil {
		return c, errors.New("decode: the answer is no comic")
	}
	if at, err := url.Parse(c.Img); err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
		return c, errors.New("decode: the answer has no address of a picture in img")
	}
	return c, nil
}

// wanted reads how many comics, and from which seed they are picked. Without a seed it
// is another one each time.
func (s *site) wanted(query url.Values) (n int, seed uint64, err error) {
	n, seed = 5, rand.Uint64()
	if s.n > 0 {
		n = s.n
	}
	if text := query.Get("n"); text != "" {
		if n, err = count(text); err != nil {
			return 0, 0, err
		}
	}
	if text := query.Get("seed"); text != "" {
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			return 0, 0, fmt.Errorf("the seed must be a whole number from 0, got %.20q", text)
		}
	}
	return n, seed, nil
}

// picks draws n numbers of comics; the same seed draws the same.
func picks(n int, seed uint64) []int {
	draw := rand.New(rand.NewPCG(seed, 0))
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = firstPick + draw.IntN(lastPick-firstPick+1)
	}
	return numbers
}
