package boot

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"math/rand/v2"

	"pasokh/app/files"
	"pasokh/tenants"
)

// keepPicture paints a picture, stores it and writes its row in the
// transaction; without a store there is none.
func (h *history) keepPicture(ctx context.Context, tx *tenants.Tx, up files.Upload, paint func() []byte, to files.Place) (*files.File, error) {
	if h.store == nil {
		return nil, nil
	}
	up.Body, up.Accept = bytes.NewReader(paint()), files.Pictures
	got, err := h.store.Receive(tx, up)
	if err != nil {
		return nil, err
	}
	return files.Save(ctx, tx, got, to)
}

func encode(img image.Image) []byte {
	var out bytes.Buffer
	_ = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, img) // into memory, of a picture that is one: never fails
	return out.Bytes()
}

const photoWidth, photoHeight = 560, 420

// paintPhoto makes something that looks like a citizen's photograph of what is
// wrong: a trench, a puddle, a hole, litter on the beach.
func paintPhoto(kind tenants.Kind, n int) []byte {
	scene := map[tenants.Kind]func(x, y float64, n int) color.RGBA{
		tenants.Gas: trench, tenants.Water: puddle, tenants.Metro: station, tenants.Municipality: pothole, tenants.FreeZone: beach,
	}[kind]
	if scene == nil {
		scene = pothole
	}
	img := image.NewRGBA(image.Rect(0, 0, photoWidth, photoHeight))
	for y := range photoHeight {
		for x := range photoWidth {
			img.SetRGBA(x, y, scene(float64(x)/photoHeight, float64(y)/photoHeight, n))
		}
	}
	return encode(img)
}

// grain is smooth noise between 0 and 1 in cells of a size.
func grain(x, y, size float64, n int) float64 {
	x, y = x/size, y/size
	x0, y0 := math.Floor(x), math.Floor(y)
	at := func(dx, dy float64) float64 {
		v := math.Sin((x0+dx)*127.1+(y0+dy)*311.7+float64(n)*74.7) * 43758.5453
		return v - math.Floor(v)
	}
	fx, fy := ease(x-x0), ease(y-y0)
	top := at(0, 0)*(1-fx) + at(1, 0)*fx
	return top*(1-fy) + (at(0, 1)*(1-fx)+at(1, 1)*fx)*fy
}

func ease(t float64) float64 { return t * t * (3 - 2*t) }

// step01 rises from 0 to 1 around an edge.
func step01(v, edge, soft float64) float64 {
	return ease(math.Max(0, math.Min(1, (v-edge)/soft+0.5)))
}

func shade(r, g, b, light float64) color.RGBA {
	c := func(v float64) uint8 { return uint8(math.Max(0, math.Min(255, math.Round(v*light/3)*3))) }
	return color.RGBA{c(r), c(g), c(b), 255}
}

func mix(a, b color.RGBA, t float64) color.RGBA {
	m := func(p, q uint8) uint8 { return uint8(float64(p)*(1-t) + float64(q)*t) }
	return color.RGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 255}
}

func asphalt(x, y float64, n int) color.RGBA {
	light := 0.8 + 0.18*grain(x, y, 0.006, n) + 0.22*grain(x, y, 0.2, n+1) + 0.25*y
	return shade(98, 97, 96, light)
}

func trench(x, y float64, n int) color.RGBA {
	middle := 0.62 + 0.35*(y-0.5) + 0.05*grain(x, y, 0.12, n)
	width := 0.07 + 0.13*y + 0.02*grain(x, y, 0.04, n+2)
	soil := shade(126, 92, 58, 0.55+0.5*grain(x, y, 0.02, n+3)+0.25*math.Abs(x-middle)/width)
	heap := step01(grain(x, y, 0.09, n+4)-2.2*math.Abs(x-middle-width*1.5), 0.25, 0.2)
	ground := mix(asphalt(x, y, n), shade(150, 118, 80, 0.8+0.3*grain(x, y, 0.015, n+5)), heap)
	return mix(soil, ground, step01(math.Abs(x-middle), width, 0.02))
}

func puddle(x, y float64, n int) color.RGBA {
	dx, dy := x-0.66, (y-0.62)*1.9
	edge := math.Hypot(dx, dy) + 0.12*grain(x, y, 0.16, n)
	ripple := 0.9 + 0.1*math.Sin(70*edge+6*grain(x, y, 0.1, n+1))
	water := shade(128, 156, 178, ripple*(0.75+0.4*(1-y)))
	wet := step01(edge, 0.62, 0.2)
	ground := mix(shade(58, 58, 60, 0.9+0.2*grain(x, y, 0.006, n)), asphalt(x, y, n), wet)
	return mix(water, ground, step01(edge, 0.44, 0.03))
}

func pothole(x, y float64, n int) color.RGBA {
	edge := math.Hypot(x-0.7, (y-0.6)*1.7) + 0.14*grain(x, y, 0.09, n)
	hole := shade(70, 62, 54, 0.45+0.5*grain(x, y, 0.025, n+2)+0.4*(y-0.4))
	ground := asphalt(x, y, n)
	if y < 0.16 {
		ground = shade(176, 172, 164, 0.75+0.25*grain(x, y, 0.01, n)-0.3*step01(y, 0.15, 0.02))
	}
	return mix(hole, ground, step01(edge, 0.33, 0.03))
}

// station is a station's platform with its yellow line and a dark train.
func station(x, y float64, n int) color.RGBA {
	floor := shade(186, 184, 180, 0.72+0.2*y+0.06*grain(x, y, 0.01, n))
	if math.Mod(x*4+y*2.2, 0.5) < 0.012 || math.Mod(y*7, 1) < 0.02 {
		floor = shade(120, 118, 115, 0.9)
	}
	line := math.Abs(x - 0.35 - 0.5*(y-0.45))
	if y < 0.45 {
		wall := shade(150, 160, 168, 0.5+0.5*(1-y)+0.05*grain(x, y, 0.02, n))
		if math.Mod(x*5, 1) < 0.02 || math.Mod(y*9, 1) < 0.03 {
			wall = shade(120, 126, 132, 0.7)
		}
		return wall
	}
	if line < 0.03 {
		return shade(224, 182, 40, 0.8+0.2*grain(x, y, 0.02, n))
	}
	if x < 0.35+0.5*(y-0.45) {
		return shade(46, 48, 52, 0.7+0.4*grain(x, y, 0.05, n))
	}
	spill := math.Hypot(x-0.95, (y-0.75)*2.2) + 0.1*grain(x, y, 0.08, n)
	return mix(shade(110, 104, 96, 0.8), floor, step01(spill, 0.26, 0.03))
}

func beach(x, y float64, n int) color.RGBA {
	shore := 0.48 + 0.03*math.Sin(5*x) + 0.03*grain(x, y, 0.2, n)
	switch {
	case y < 0.3:
		return shade(150+60*y, 190+40*y, 220, 1)
	case y < shore:
		return shade(60, 130, 150, 0.85+0.25*grain(x*0.4, y, 0.02, n))
	}
	sand := shade(206, 184, 146, 0.85+0.2*grain(x, y, 0.008, n)+0.1*grain(x, y, 0.1, n))
	litter := step01(grain(x, y*1.4, 0.05, n+7)*grain(x, y, 0.2, n+8), 0.62, 0.05)
	tint := grain(x, y, 0.06, n+9)
	return mix(sand, shade(90+150*tint, 120+60*tint, 190-80*tint, 0.9), litter)
}

// pen draws lines of ink that swell and thin out.
type pen struct {
	img *image.RGBA
	ink color.RGBA
}

func (p pen) dot(x, y, radius float64) {
	for py := int(y - radius - 1); py <= int(y+radius+1); py++ {
		for px := int(x - radius - 1); px <= int(x+radius+1); px++ {
			if !(image.Point{X: px, Y: py}).In(p.img.Rect) {
				continue
			}
			cover := math.Max(0, math.Min(1, radius+0.5-math.Hypot(float64(px)-x, float64(py)-y)))
			p.img.SetRGBA(px, py, mix(p.img.RGBAAt(px, py), p.ink, cover*0.9))
		}
	}
}

// curve is a quadratic one from a by way of b to c.
func (p pen) curve(ax, ay, bx, by, cx, cy, radius float64) {
	steps := int(math.Hypot(bx-ax, by-ay)+math.Hypot(cx-bx, cy-by)) + 2
	for i := range steps + 1 {
		t := float64(i) / float64(steps)
		u := 1 - t
		p.dot(u*u*ax+2*u*t*bx+t*t*cx, u*u*ay+2*u*t*by+t*t*cy, radius*(0.75+0.45*math.Sin(math.Pi*t)))
	}
}

// word writes something like a Persian word to the left of x and gives its end.
func (p pen) word(dice *rand.Rand, x, y, size float64) float64 {
	radius := size / 13
	for range 2 + dice.IntN(4) {
		w := size * (0.35 + 0.5*dice.Float64())
		switch dice.IntN(6) {
		case 0: // alef, lam
			p.curve(x, y, x-size*0.05, y-size*0.6, x-size*0.02, y-size*(0.9+0.3*dice.Float64()), radius)
			w = size * 0.22
		case 1: // a bowl below the line
			p.curve(x, y-size*0.1, x-w*0.2, y+size*0.75, x-w, y+size*0.1, radius*1.2)
		case 2: // teeth
			for i := range 3 {
				tx := x - w*float64(i)/3
				p.curve(tx, y, tx-w/6, y-size*0.35, tx-w/3, y, radius)
			}
		case 3: // a loop
			p.curve(x, y, x-w*0.1, y-size*0.6, x-w*0.5, y-size*0.25, radius)
			p.curve(x-w*0.5, y-size*0.25, x-w*0.6, y+size*0.05, x-w, y, radius)
		case 4: // the long stroke of kaf
			p.curve(x, y, x-w*0.6, y-size*0.2, x-w, y, radius)
			p.curve(x-w*0.1, y-size*0.95, x-w*0.3, y-size*0.8, x-w*0.8, y-size*0.45, radius*0.8)
		default:
			p.curve(x, y, x-w*0.5, y+size*0.12, x-w, y, radius)
		}
		p.dots(dice, x-w/2, y, size)
		x -= w
	}
	return x
}

func (p pen) dots(dice *rand.Rand, x, y, size float64) {
	side := -0.55
	if dice.IntN(2) == 0 {
		side = 0.5
	}
	for i := range max(0, dice.IntN(5)-1) {
		p.dot(x-size*0.17*float64(i%2)+size*0.08*float64(i/2), y+size*side-size*0.13*float64(i/2), size/10)
	}
}

// paintOrder makes something that looks like the scan of an order written by
// hand: a letterhead, lines of ink, a signature and a stamp.
func paintOrder(dice *rand.Rand) []byte {
	const width, height = 800, 1080
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			light := 0.985 - 0.03*grain(float64(x), float64(y), 260, 3) - 0.012*grain(float64(x), float64(y), 5, 4)
			img.SetRGBA(x, y, shade(252, 249, 240, light))
		}
	}
	draw.Draw(img, image.Rect(70, 170, width-70, 172), image.NewUniform(color.RGBA{150, 150, 150, 255}), image.Point{}, draw.Src)
	head := pen{img, color.RGBA{70, 70, 74, 255}}
	ring(head, width/2, 95, 44, 2)
	ring(head, width/2, 95, 37, 1)
	head.word(dice, width/2+24, 104, 30)
	for i := range 3 {
		head.word(dice, 240, 70+float64(i)*32, 18)
	}
	hand := pen{img, color.RGBA{28, 44, 110, 255}}
	for row := range 7 + dice.IntN(3) {
		y := 270 + float64(row)*74
		left := 100 + 160*dice.Float64()
		for x := float64(width - 95); x > left; {
			x = hand.word(dice, x, y+(float64(width)-x)*0.02+5*dice.Float64(), 30) - 18
		}
	}
	for i := range 3 {
		f := float64(i)
		hand.curve(300, 960-f*16, 200+f*20, 860+f*40, 110+f*12, 985-f*24, 2.4)
	}
	hand.curve(120, 950, 230, 1010, 330, 930, 2)
	stamp := pen{img, color.RGBA{92, 60, 160, 255}}
	ring(stamp, 330, 955, 66, 2)
	ring(stamp, 330, 955, 56, 1)
	stamp.word(dice, 375, 960, 30)
	return encode(img)
}

func ring(p pen, x, y, radius, line float64) {
	for a := 0.0; a < 2*math.Pi; a += 0.5 / radius {
		p.dot(x+radius*math.Cos(a), y+radius*math.Sin(a), line)
	}
}
