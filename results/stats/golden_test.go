package stats

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The vectors in testdata/golden were computed by other programs (R, scipy,
// statsmodels, mpmath), which each file names in its meta, and are checked here
// at the tolerance that each file states.
const (
	goldenDir   = "testdata/golden"
	goldenFiles = 27
	goldenCases = 762
)

// goldenChecks says which function checks the cases of which file.
func goldenChecks() map[string]func(*testing.T, goldenCase) {
	return map[string]func(*testing.T, goldenCase){
		"adaptive_stop.json":           checkStop,
		"bootstrap.json":               checkBootstrap,
		"censoring.json":               checkCensoring,
		"diagnostics.json":             checkDiagnostics,
		"fieller_ratio_of_means.json":  checkFieller,
		"histogram.json":               checkHistogram,
		"holm.json":                    checkHolm,
		"ideal_time.json":              checkIdealTime,
		"invalid.json":                 checkInvalid,
		"mann_whitney.json":            checkMannWhitney,
		"mean_ci.json":                 checkMeanInterval,
		"median_ci_data.json":          checkMedianInterval,
		"median_ci_ranks.json":         checkMedianRanks,
		"outliers.json":                checkOutliers,
		"paired_with_failures.json":    checkWorstRank,
		"position_effect.json":         checkPosition,
		"quantile_ci_ranks.json":       checkQuantileRanks,
		"report.json":                  checkReport,
		"signed_rank_k.json":           checkSignedRankK,
		"special_functions.json":       checkSpecial,
		"speedup_dependence.json":      checkSpeedupDependence,
		"success_rate_difference.json": checkRateDifference,
		"summary.json":                 checkSummary,
		"usl.json":                     checkUSL,
		"verdict.json":                 checkVerdict,
		"wilcoxon_signed_rank.json":    checkSignedRank,
		"wilson.json":                  checkWilson,
	}
}

// TestGoldenVectorsHold runs every case of every file in the directory. A file
// without a check fails, as does a check without a file or a case not run.
func TestGoldenVectorsHold(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(goldenDir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	checks, ran := goldenChecks(), 0
	if len(paths) != goldenFiles || len(checks) != goldenFiles {
		t.Errorf("%d files and %d checks, want %d of both", len(paths), len(checks), goldenFiles)
	}
	for _, path := range paths {
		check, ok := checks[filepath.Base(path)]
		if !ok {
			t.Errorf("%s: nothing checks it", path)
			continue
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".json"), func(t *testing.T) {
			for _, c := range readGolden(t, path) {
				t.Run(c.Name, func(t *testing.T) { check(t, c); ran++ })
			}
		})
	}
	// Someone who asks for one file or case with -run a/b gets just that.
	if pattern := flag.Lookup("test.run").Value.String(); ran != goldenCases && !strings.Contains(pattern, "/") {
		t.Errorf("%d cases ran, want %d", ran, goldenCases)
	}
}

// A goldenCase is one vector, its input and expectation not yet decoded.
type goldenCase struct {
	Name      string
	Input     json.RawMessage
	Expect    json.RawMessage
	Tolerance string
	Support   [][2]float64 `json:"exact_cdf_support"`
}

// readGolden reads the cases of one file; its meta is for people.
func readGolden(t *testing.T, path string) []goldenCase {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Meta  json.RawMessage
		Cases []goldenCase
	}
	decodeStrict(t, text, &file)
	return file.Cases
}

// decodeStrict refuses fields that the target does not have, so that no
// expected value can go unnoticed.
func decodeStrict(t *testing.T, text []byte, into any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatalf("%v in %.200s", err, text)
	}
}

// A number is a float64 that may be written as "NaN", "Infinity" or "-Infinity".
type number float64

// UnmarshalJSON reads a JSON number or one of the three words.
func (n *number) UnmarshalJSON(text []byte) error {
	f, err := strconv.ParseFloat(strings.Trim(string(text), `"`), 64)
	*n = number(f)
	return err
}

// floats are the numbers of a file as plain values, infinities included.
func floats(ns []number) []float64 {
	out := make([]float64, len(ns))
	for i, n := range ns {
		out[i] = float64(n)
	}
	return out
}

// ends are the two ends of an expected interval.
type ends struct{ Lo, Hi number }

// near wants got within the relative tolerance of want.
func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Abs(want)) && got != want {
		t.Errorf("%s = %.17g, want %.17g (relative error %.2g, at most %.0g)", what, got, want, math.Abs(got/want-1), relative)
	}
}

// nearOrNone wants an error where nothing is expected, and else a value near it.
func nearOrNone(t *testing.T, what string, got float64, err error, want *number, relative float64) {
	t.Helper()
	switch {
	case want == nil && err == nil:
		t.Errorf("%s = %v, want an error", what, got)
	case want != nil && err != nil:
		t.Errorf("%s: %v, want %v", what, err, *want)
	case want != nil:
		near(t, what, got, float64(*want), relative)
	}
}

// nearInterval wants both ends near those expected, an end at infinity Open.
func nearInterval(t *testing.T, what string, got Interval, want ends, relative float64) {
	t.Helper()
	near(t, what+" lo", got.Lo, float64(want.Lo), relative)
	if open := math.IsInf(float64(want.Hi), 1); open || got.Open {
		if open != got.Open {
			t.Errorf("%s: open is %v, want %v", what, got.Open, open)
		}
		return
	}
	near(t, what+" hi", got.Hi, float64(want.Hi), relative)
}

// must is for errors that would make the rest of a test meaningless.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
