package stats

import (
	"fmt"
	"math"
)

// Wilson is the score interval for the rate behind k successes in n
// independent trials, without continuity correction ("Probable inference, the
// law of succession, and statistical inference", JASA 22, 1927): with z the
// normal quantile,
//
//	(k + z^2/2 -+ z sqrt(k(n-k)/n + z^2/4)) / (n + z^2)
//
// No success has the lower end 0, all successes the upper end 1, exactly.
// Requests within a trial are not independent, so that for them it describes
// and does not infer.
func Wilson(k, n int, level float64) (Interval, error) {
	if err := checkCount(k, n); err != nil {
		return Interval{}, fmt.Errorf("success rate: %w", err)
	}
	if err := checkLevel(level); err != nil {
		return Interval{}, fmt.Errorf("success rate: %w", err)
	}
	z := twoSidedZ(level)
	s, f, z2 := float64(k), float64(n-k), float64(z*z)
	total := s + f
	half := float64(z * math.Sqrt(float64(s*f)/total+z2/4))
	iv := Interval{Lo: (s + z2/2 - half) / (total + z2), Hi: (s + z2/2 + half) / (total + z2), Level: level}
	if k == 0 {
		iv.Lo = 0
	}
	if k == n {
		iv.Hi = 1
	}
	return iv, nil
}

// checkCount refuses what are not k of n, n at least 1.
func checkCount(k, n int) error {
	if n < 1 {
		return fmt.Errorf("%w: 0 trials", ErrNone)
	}
	if k < 0 || k > n {
		return fmt.Errorf("%w: %d of %d", ErrRange, k, n)
	}
	return nil
}

// Newcombe is the interval for the difference k1/n1 - k2/n2 of two success
// rates by his method 10 ("Interval estimation for the difference between
// independent proportions", Statistics in Medicine 17, 1998): with p the rates,
// l and u their Wilson ends, it reaches sqrt((p1-l1)^2 + (u2-p2)^2) below the
// difference and sqrt((u1-p1)^2 + (p2-l2)^2) above it.
func Newcombe(k1, n1, k2, n2 int, level float64) (Interval, error) {
	w1, err := Wilson(k1, n1, level)
	if err != nil {
		return Interval{}, err
	}
	w2, err := Wilson(k2, n2, level)
	if err != nil {
		return Interval{}, err
	}
	p1, p2 := float64(k1)/float64(n1), float64(k2)/float64(n2)
	return Interval{
		Lo:    p1 - p2 - math.Hypot(p1-w1.Lo, w2.Hi-p2),
		Hi:    p1 - p2 + math.Hypot(w1.Hi-p1, p2-w2.Lo),
		Level: level,
	}, nil
}

// Fisher is the two-sided p-value of Fisher's exact test that k1 of n1 and k2
// of n2 have the same rate: the sum of the hypergeometric probabilities of all
// tables with the same margins that are no likelier than the one observed
// (Agresti, Categorical Data Analysis, section 3.5), likelihoods within one in
// ten million counting as equal, as R does.
func Fisher(k1, n1, k2, n2 int) (float64, error) {
	if err := checkCount(k1, n1); err != nil {
		return 0, fmt.Errorf("exact test: %w", err)
	}
	if err := checkCount(k2, n2); err != nil {
		return 0, fmt.Errorf("exact test: %w", err)
	}
	k := k1 + k2
	log := func(i int) float64 { return logChoose(n1, i) + logChoose(n2, k-i) }
	observed := log(k1)
	var likelier, all []float64
	for i := max(0, k-n2); i <= min(n1, k); i++ {
		l := log(i)
		p := math.Exp(l - observed)
		all = append(all, p)
		if p <= 1+1e-7 {
			likelier = append(likelier, p)
		}
	}
	if total := sum(all); !math.IsInf(total, 0) {
		return min(1, sum(likelier)/total), nil
	}
	// The table observed is beyond exp(-700) as likely as the likeliest one.
	return 0x1p-1022, nil
}

// logChoose is ln of n over k.
func logChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n) + 1)
	b, _ := math.Lgamma(float64(k) + 1)
	c, _ := math.Lgamma(float64(n-k) + 1)
	return a - b - c
}
