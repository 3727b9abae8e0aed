package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// A shot is a picture of the page of a run from its top to the end of one of its
// elements, as wide as a window would be, by day or by night.
type shot struct {
	file  string
	width int64 // in CSS pixels
	until string
	dark  bool
}

// shots are the pictures of the page: for README.md by day and by night, and as on a
// telephone.
func shots() []shot {
	return []shot{
		{"docs/pictures/page.png", 1100, "#trials", false},
		{"docs/pictures/page-dark.png", 1100, "#trials", true},
		{"docs/pictures/page-390.png", 390, "#medians", false},
	}
}

// density is how many pixels a CSS pixel is wide: pictures are looked at on screens
// with two.
const density = 2

// longestShot is how long all of them may take.
const longestShot = 2 * time.Minute

// screenshots takes the pictures of the page of a run. They are those of a browser
// with its fonts, so no test can compare them; it is said if there is no browser.
func screenshots(ctx context.Context, p printer, journal string) error {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		fmt.Fprintln(os.Stderr, "pictures: SKIPPED: the screenshots of the page need Chromium, and it is not here")
		return nil
	}
	html, err := p.print([]string{"report", journal, "--format", "html"})
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "pictures-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // nothing of worth is left in it
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte(html), 0o600); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, longestShot)
	defer cancel()
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(browser), chromedp.NoSandbox,
		chromedp.UserDataDir(filepath.Join(dir, "profile")), chromedp.Flag("hide-scrollbars", true), chromedp.WSURLReadTimeout(longestShot))
	ctx, end := chromedp.NewExecAllocator(ctx, options...)
	defer end()
	ctx, leave := chromedp.NewContext(ctx)
	defer leave()
	for _, s := range shots() {
		taken, err := s.take(ctx, "file://"+file)
		if err != nil {
			return fmt.Errorf("%s: %w", s.file, err)
		}
		small, err := shrink(taken)
		if err != nil {
			return fmt.Errorf("%s: %w", s.file, err)
		}
		if err := replace(s.file, small); err != nil {
			return err
		}
	}
	return nil
}

// take opens the page and takes the picture.
func (s shot) take(ctx context.Context, address string) ([]byte, error) {
	scheme := "light"
	if s.dark {
		scheme = "dark"
	}
	const window, below = 900, 24
	err := chromedp.Do(ctx, chromedp.EmulateViewport(s.width, window, chromedp.EmulateScale(density)))
	if err != nil {
		return nil, err
	}
	_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		return nil, err
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("body"))); err != nil {
		return nil, err
	}
	end, err := chromedp.Run(ctx, chromedp.Evaluate[float64](fmt.Sprintf("document.querySelector(%q).getBoundingClientRect().bottom", s.until)))
	if err != nil {
		return nil, fmt.Errorf("%s on the page: %w", s.until, err)
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(s.width, int64(end)+below, chromedp.EmulateScale(density))); err != nil {
		return nil, err
	}
	return chromedp.Run(ctx, chromedp.CaptureScreenshot())
}

// mostColours is what a picture with a palette may have.
const mostColours = 256

// shrink writes a picture with a palette in place of four bytes a pixel. Text on a page
// has some hundred shades of few colours; those that are nearly alike become one, by a
// step that is as small as it can be.
func shrink(taken []byte) ([]byte, error) {
	full, err := png.Decode(bytes.NewReader(taken))
	if err != nil {
		return nil, err
	}
	var small *image.Paletted
	for step := 1; small == nil; step++ {
		small = paletted(full, step)
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, small); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// paletted rounds the colours of a picture to multiples of the step. It is nil if too
// many are left.
func paletted(full image.Image, step int) *image.Paletted {
	bounds := full.Bounds()
	small := image.NewPaletted(bounds, nil)
	known := map[color.RGBA]uint8{}
	round := func(channel uint32) uint8 { // of 16 bits
		near := (int(channel>>8) + step/2) / step * step
		return uint8(min(near, 255))
	}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			r, g, b, _ := full.At(x, y).RGBA()
			c := color.RGBA{round(r), round(g), round(b), 255}
			index, found := known[c]
			if !found {
				if len(small.Palette) == mostColours {
					return nil
				}
				index = uint8(len(small.Palette))
				known[c], small.Palette = index, append(small.Palette, c)
			}
			small.SetColorIndex(x, y, index)
		}
	}
	return small
}
