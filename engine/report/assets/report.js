"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const two = (n) => String(n).padStart(2, "0");
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const date = (seconds) => {
    const d = new Date(seconds * 1000);
    return `${d.getUTCDate()} ${months[d.getUTCMonth()]} ${d.getUTCFullYear()}`;
  };
  const moment = (seconds) => {
    const d = new Date(seconds * 1000);
    return `${date(seconds)} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
  };
  const figure = (value, digits) => {
    const text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    return value < 0 ? "\u2212" + text : text;
  };

  // The last index whose time is not after the one asked for.
  const before = (times, wanted) => {
    let low = 0, high = times.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (times[middle] <= wanted) low = middle; else high = middle - 1;
    }
    return low;
  };

  const readEquity = () => {
    const hover = data.hover, out = byId("readout");
    if (!out || hover.time.length < 2) return;
    for (const svg of document.querySelectorAll("#equity-figure svg")) {
      const side = (name) => Number(svg.dataset[name]);
      const cursor = document.createElementNS("http://www.w3.org/2000/svg", "line");
      cursor.setAttribute("class", "cursor");
      cursor.setAttribute("y1", side("top"));
      cursor.setAttribute("y2", side("bottom"));
      cursor.setAttribute("visibility", "hidden");
      svg.append(cursor);
      const first = hover.time[0], last = hover.time[hover.time.length - 1];
      svg.addEventListener("pointermove", (event) => {
        const box = svg.getBoundingClientRect();
        const at = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
        const share = Math.min(1, Math.max(0, (at - side("left")) / (side("right") - side("left"))));
        const i = before(hover.time, first + share * (last - first));
        const x = side("left") + (hover.time[i] - first) / (last - first) * (side("right") - side("left"));
        cursor.setAttribute("x1", x);
        cursor.setAttribute("x2", x);
        cursor.setAttribute("visibility", "visible");
        const other = hover.benchmark ? `, benchmark ${figure(hover.benchmark[i], 0)}` : "";
        out.textContent = `${date(hover.time[i])}: ${figure(hover.equity[i], 0)} ${data.currency}${other}, ${figure(hover.fall[i], 1)} % from the high`;
      });
      svg.addEventListener("pointerleave", () => {
        cursor.setAttribute("visibility", "hidden");
        out.textContent = "";
      });
    }
  };

  // Undoes the differences written by candles.py; a gap becomes a few empty places.
  const decode = (packed) => {
    const scale = 10 ** packed.digits, gaps = new Set(packed.gaps), bars = [];
    let time = 0, close = 0;
    for (let i = 0; i < packed.time.length; i += 1) {
      const earlier = time;
      time += packed.time[i];
      if (gaps.has(i)) {
        const empty = Math.min(5, time - earlier - 1);
        for (let k = 1; k <= empty; k += 1) bars.push({ time: earlier + Math.floor((time - earlier) * k / (empty + 1)) });
      }
      const open = close + packed.open[i];
      close = open + packed.close[i];
      const high = Math.max(open, close) + packed.high[i], low = Math.min(open, close) - packed.low[i];
      bars.push({ time, open: open / scale, high: high / scale, low: low / scale, close: close / scale });
    }
    return bars;
  };

  const drawCandles = () => {
    const box = byId("chart"), library = window.LightweightCharts;
    if (!box || !library) return;
    const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const theme = () => ({
      layout: { background: { color: color("--panel") }, textColor: color("--soft"), fontSize: 11, attributionLogo: false },
      grid: { vertLines: { color: color("--hair") }, horzLines: { color: color("--hair") } },
      rightPriceScale: { borderColor: color("--line") },
      timeScale: { borderColor: color("--line"), timeVisible: true, secondsVisible: false },
    });
    const colors = () => ({
      upColor: color("--panel"), downColor: color("--fall"), borderUpColor: color("--accent"), borderDownColor: color("--fall"),
      wickUpColor: color("--accent"), wickDownColor: color("--fall"),
    });
    const chart = library.createChart(box, {
      ...theme(), autoSize: true, localization: { timeFormatter: (t) => `${moment(t)} UTC`, locale: "en-US" },
    });
    const candles = chart.addSeries(library.CandlestickSeries, { ...colors(), priceLineVisible: false, lastValueVisible: false });
    const marks = library.createSeriesMarkers(candles, []);
    const { symbols, trades } = data.chart;
    const names = Object.keys(symbols), select = byId("chart-symbol"), told = byId("chart-trade");
    const decoded = new Map();
    let symbol = null, chosen = -1, lines = [];

    const barsOf = (name) => {
      if (!decoded.has(name)) decoded.set(name, decode(symbols[name]));
      return decoded.get(name);
    };
    // Parts of one position share their entry: it is marked once, for the chosen part if that is among them.
    const mark = () => {
      const entries = new Map(), exits = [];
      trades.forEach((trade, i) => {
        if (trade.symbol !== symbol) return;
        const here = i === chosen, place = `${trade.from} ${trade.long}`;
        if (here || !entries.has(place)) {
          entries.set(place, {
            time: trade.from, position: trade.long ? "belowBar" : "aboveBar", shape: trade.long ? "arrowUp" : "arrowDown",
            color: color("--ink"), size: here ? 1.3 : 1, text: here ? (trade.long ? "long" : "short") : "",
          });
        }
        exits.push({
          time: trade.to, position: trade.long ? "aboveBar" : "belowBar", shape: "circle",
          color: color(trade.won ? "--accent" : "--fall"), size: here ? 1.1 : .8, text: here ? trade.reason : "",
        });
      });
      marks.setMarkers([...entries.values(), ...exits].sort((a, b) => a.time - b.time));
    };
    const clearLines = () => {
      lines.forEach((line) => chart.removeSeries(line));
      lines = [];
    };
    // Entry, stop and target are drawn from the entry to the exit; a trade within one bar gets the bar after it too.
    const level = (trade, from, to, name, style, width) => {
      if (from === null || to === null) return;
      const bars = barsOf(symbol), last = bars.findIndex((bar) => bar.time === trade.to);
      const end = trade.to > trade.from ? trade.to : bars[Math.min(bars.length - 1, last + 1)].time;
      if (end <= trade.from) return;
      const line = chart.addSeries(library.LineSeries, {
        color: color(name), lineWidth: width, lineStyle: style, priceLineVisible: false, lastValueVisible: false,
        crosshairMarkerVisible: false, autoscaleInfoProvider: (usual) => usual(),
      });
      line.setData([{ time: trade.from, value: from }, { time: end, value: to }]);
      lines.push(line);
    };
    const show = (name) => {
      if (symbol === name) return;
      symbol = name;
      select.value = name;
      clearLines();
      const digits = symbols[name].digits;
      candles.applyOptions({ priceFormat: { type: "price", precision: digits, minMove: 10 ** -digits } });
      candles.setData(barsOf(name));
    };
    const latest = () => {
      const count = barsOf(symbol).length;
      chart.timeScale().setVisibleLogicalRange({ from: Math.max(-1, count - 160), to: count + 2 });
    };
    const choose = (i, scroll) => {
      const trade = trades[i];
      if (!trade) return;
      show(trade.symbol);
      chosen = i;
      clearLines();
      const { LineStyle } = library;
      level(trade, trade.entry, trade.exit, "--ink", LineStyle.Solid, 2);
      level(trade, trade.stop, trade.stop, "--fall", LineStyle.Dashed, 2);
      level(trade, trade.target, trade.target, "--accent", LineStyle.Dashed, 2);
      mark();
      const bars = barsOf(symbol);
      const from = bars.findIndex((bar) => bar.time === trade.from), to = bars.findIndex((bar) => bar.time === trade.to);
      const room = Math.max(25, Math.round((to - from) * .6));
      const end = Math.min(to + room, bars.length + 2), begin = Math.max(from - room - (to + room - end), Math.min(from - 5, -1));
      chart.timeScale().setVisibleLogicalRange({ from: begin, to: end });
      chart.priceScale("right").applyOptions({ autoScale: true });
      const digits = symbols[symbol].digits, price = (value) => value === null ? "none" : value.toFixed(digits);
      told.textContent = `Trade ${trade.number}: ${trade.long ? "long" : "short"} ${trade.symbol} by ${trade.rule}, in at ${price(trade.entry)} on ${moment(trade.from)}, ` +
        `stop ${price(trade.stop)}, target ${price(trade.target)}, out at ${price(trade.exit)} on ${moment(trade.closed)}: ${trade.reason}.`;
      document.querySelectorAll("tr.chosen").forEach((row) => row.classList.remove("chosen"));
      const row = byId(`t${trade.number}`);
      if (row) row.classList.add("chosen");
      byId("chart-before").disabled = i === 0;
      byId("chart-after").disabled = i === trades.length - 1;
      if (scroll) byId("chart-title").scrollIntoView();
    };

    for (const name of names) select.add(new Option(name, name));
    select.disabled = names.length < 2;
    select.addEventListener("change", () => {
      const name = select.value, i = trades.findLastIndex((trade) => trade.symbol === name);
      if (i >= 0) { choose(i, false); return; }
      show(name);
      chosen = -1;
      mark();
      latest();
    });
    byId("chart-before").addEventListener("click", () => choose(chosen - 1, false));
    byId("chart-after").addEventListener("click", () => choose(chosen + 1, false));
    byId("chart-tools").hidden = false;
    const places = new Map(trades.map((trade, i) => [trade.number, i]));
    document.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-trade]");
      if (button) choose(places.get(Number(button.dataset.trade)), true);
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      chart.applyOptions(theme());
      candles.applyOptions(colors());
      if (chosen >= 0) choose(chosen, false); else mark();
    });
    if (trades.length) {
      choose(trades.length - 1, false);
    } else {
      show(names[0]);
      byId("chart-before").disabled = byId("chart-after").disabled = true;
      mark();
      latest();
    }
  };

  readEquity();
  drawCandles();
})();
