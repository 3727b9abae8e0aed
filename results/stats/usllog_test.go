package stats

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Throughput that follows the law exactly gives back its coefficients, and a
// peak that is where it was put.
func TestFitLogUSLRecoversALaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		truth := curve{
			rapid.Float64Range(0.001, 0.5).Draw(t, "a"),
			rapid.Float64Range(1e-5, 0.01).Draw(t, "b"),
			math.Exp(rapid.Float64Range(-5, 8).Draw(t, "ln g")),
		}
		sizes := []float64{1, 2, 4, 8, 16, 32, 64, 128}
		u, err := FitLogUSL(sizes, mapped(sizes, truth.at))
		if err != nil {
			t.Fatal(err)
		}
		alike(t, "a", u.Alpha, truth[0], 1e-4)
		alike(t, "b", u.Beta, truth[1], 1e-4)
		alike(t, "g", u.Gamma, truth[2], 1e-4)
		alike(t, "peak", u.Peak(), math.Sqrt((1-truth[0])/truth[1]), 1e-4)
		alike(t, "throughput of 10", u.At(10), truth.at(10), 1e-4)
		if u.RMSE > 1e-5 {
			t.Fatalf("residuals of %v", u.RMSE)
		}
	})
}

// noisyLaw draws throughput around a law, each size off by up to a third.
func noisyLaw(t *rapid.T) (sizes, throughput []float64) {
	sizes = []float64{1, 2, 4, 8, 16, 32, 64}
	noise := rapid.SliceOfN(rapid.Float64Range(0.7, 1.3), len(sizes), len(sizes)).Draw(t, "noise")
	truth := curve{rapid.Float64Range(0, 0.3).Draw(t, "a"), rapid.Float64Range(0, 0.01).Draw(t, "b"), 100}
	for i, k := range sizes {
		throughput = append(throughput, truth.at(k)*noise[i])
	}
	return sizes, throughput
}

// No point of a grid around the fit, within the bounds, leaves smaller residuals,
// and a fit that begins at the result stays there. Of an exact law what is left is
// rounding, of which 1e-12 of the throughput is none.
func TestFitLogUSLIsAMinimum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes, x := noisyLaw(t)
		u, err := FitLogUSL(sizes, x)
		if err != nil {
			t.Fatal(err)
		}
		for _, fa := range []float64{0, 0.9, 0.999, 1, 1.001, 1.1} {
			for _, db := range []float64{-1e-4, -1e-6, 0, 1e-6, 1e-4} {
				for _, fg := range []float64{0.99, 0.9999, 1, 1.0001, 1.01} {
					other := logCurve{math.Log(max(u.Alpha*fa, 1e-43)), math.Log(max(u.Beta+db, 1e-43)), math.Log(u.Gamma * fg)}
					if s := other.fit(sizes, x).RMSE; other[0] <= 0 && s < u.RMSE*(1-1e-6)-1e-12 {
						t.Fatalf("%+v leaves %v, the fit %+v", other.plain(), s, u)
					}
				}
			}
		}
		if again := u.Refit(sizes, x); math.Abs(again.RMSE-u.RMSE) > 1e-6*u.RMSE+1e-12 {
			t.Fatalf("a fit from %+v ends at %+v", u, again)
		}
	})
}

// Contention that is nothing sends ever longer steps into nowhere: the crosstalk, of
// which no fit is better without contention, is found all the same. The minimum is
// that of a search over b alone, in steps of a thousandth, each with the g, the mean
// of the logarithms, that suits it best.
func TestFitLogUSLFindsCrosstalkWithoutContention(t *testing.T) {
	sizes := []float64{1, 2, 4, 8, 16, 32, 64}
	x := []float64{0.7, 0.875, 0.90625, 1.03125, 0.75, 1, 0.7}
	for i, k := range sizes {
		x[i] *= curve{0.03125, 0.00390625, 100}.at(k)
	}
	least := math.Inf(1)
	for b := 1e-3; b < 1e-2; b *= 1.001 {
		var g float64
		for i, k := range sizes {
			g += math.Log(x[i]/curve{0, b, 1}.at(k)) / float64(len(sizes))
		}
		least = min(least, logCurve{leastLog, math.Log(b), g}.fit(sizes, x).RMSE)
	}
	u := must(FitLogUSL(sizes, x))(t)
	if u.RMSE > least || u.Alpha > 1e-6 {
		t.Errorf("%+v, while no contention leaves %v", u, least)
	}
}

// On the scale of logarithms every size counts alike: throughput in another unit
// gives the same law, and one small size that is off by half is worth as much as
// one large size that is.
func TestFitLogUSLWeighsSizesAlike(t *testing.T) {
	sizes := []float64{1, 2, 4, 8, 16, 32, 64}
	x := []float64{10, 19, 38, 70, 120, 170, 160}
	u := must(FitLogUSL(sizes, x))(t)
	v := must(FitLogUSL(sizes, mapped(x, func(x float64) float64 { return 1000 * x })))(t)
	near(t, "peak in another unit", v.Peak(), u.Peak(), 1e-5)
	near(t, "rate in another unit", v.Gamma, 1000*u.Gamma, 1e-5)
	x[0] /= 2
	plain, log := must(FitUSL(sizes, x, 0.95))(t), must(FitLogUSL(sizes, x))(t)
	if math.Abs(math.Log(log.At(1)/x[0])) >= math.Abs(math.Log(plain.At(1)/x[0])) {
		t.Errorf("size 1 has %v: %v on logarithms, %v without", x[0], log.At(1), plain.At(1))
	}
}

// What no law can be fitted to is refused by name.
func TestLawsRefuse(t *testing.T) {
	six := []float64{1, 2, 3, 4, 5, 6}
	for _, c := range []struct {
		name              string
		sizes, throughput []float64
		want              error
	}{
		{"lengths", six, six[:5], ErrUnequal},
		{"five sizes", []float64{1, 2, 3, 4, 5, 5}, six, ErrTooFew},
		{"a size below 1", []float64{0.5, 2, 3, 4, 5, 6}, six, ErrRange},
		{"no throughput", six, []float64{1, 2, 0, 4, 5, 6}, ErrNotPositive},
		{"not a number", six, []float64{1, 2, math.NaN(), 4, 5, 6}, ErrNotFinite},
	} {
		if _, err := FitLogUSL(c.sizes, c.throughput); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if _, err := FitKnee(c.sizes, c.throughput); !errors.Is(err, c.want) && !errors.Is(c.want, ErrTooFew) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if _, err := FitKnee([]float64{1, 2, 2}, []float64{1, 2, 2}); !errors.Is(err, ErrTooFew) {
		t.Errorf("two sizes have a knee: %v", err)
	}
}

// Eight slots of 50 ms: 20/s each, up to 160/s.
func TestFitKneeRecoversSlots(t *testing.T) {
	sizes := []float64{1, 2, 4, 6, 8, 12, 16, 32}
	k := must(FitKnee(sizes, []float64{20, 40, 80, 120, 160, 160, 160, 160}))(t)
	near(t, "rate", k.Rate, 20, 1e-12)
	near(t, "capacity", k.Capacity, 160, 1e-12)
	near(t, "corner", k.Corner(), 8, 1e-12)
	near(t, "below", k.At(3), 60, 1e-12)
	near(t, "above", k.At(1000), 160, 1e-12)
	if k.RMSE > 1e-12 {
		t.Errorf("residuals of %v", k.RMSE)
	}
}

// Throughput that only grows has no plateau: the capacity is what was reached.
func TestFitKneeOfALineIsItsEnd(t *testing.T) {
	k := must(FitKnee([]float64{1, 2, 4, 8}, []float64{10, 20, 40, 80}))(t)
	near(t, "rate", k.Rate, 10, 1e-12)
	near(t, "corner", k.Corner(), 8, 1e-12)
}

// The fit is the minimum: a search over corners a hundredth apart, each with the
// height that suits it best, finds nothing better.
func TestFitKneeIsAMinimum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes, x := noisyLaw(t)
		k, err := FitKnee(sizes, x)
		if err != nil {
			t.Fatal(err)
		}
		for corner := 1.0; corner <= 64; corner *= 1.01 {
			other := cornerAt(corner, sizes, x)
			if other.misfit(sizes, x) < k.RMSE*(1-1e-9) {
				t.Fatalf("a corner at %v leaves %v, the fit %+v", corner, other.misfit(sizes, x), k)
			}
		}
		alike(t, "residuals", k.misfit(sizes, x), k.RMSE, 1e-9)
	})
}

// Where neither split of the sizes has its corner between its halves, the corner is
// on a size. Up to 1: rate 1, capacity sqrt(8), corner 2.8, beyond 2; up to 2: rate
// sqrt(2), capacity 2, corner 1.4, before 2. On 2 the height is the mean of ln 1,
// ln(4/2) and ln(2/2), and the residuals are those of 0, ln 2, 0 around it.
func TestFitKneeOnASize(t *testing.T) {
	k := must(FitKnee([]float64{1, 2, 4}, []float64{1, 4, 2}))(t)
	near(t, "corner", k.Corner(), 2, 1e-12)
	near(t, "rate", k.Rate, math.Cbrt(2), 1e-12)
	near(t, "residuals", k.RMSE, math.Ln2*math.Sqrt2/3, 1e-12)
}
