// Draws the tenant's own outlines in place of the tiles; the table says the same, and the tiles stay without it.
(() => {
  const figure = document.getElementById("region-map");
  const states = document.getElementById("region-map-states");
  if (!figure || !states || !window.echarts) return;
  const regions = JSON.parse(states.textContent);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const draw = (geojson) => {
    if (!geojson.features.some((one) => regions[one.properties.adcode])) return;
    figure.hidden = false;
    document.getElementById("region-tiles").hidden = true;
    window.echarts.registerMap("regions", geojson);
    const fills = {
      granted: colour("--teal-m"), partly: colour("--teal-b"), free: colour("--surface"), unknown: colour("--inset"),
    };
    const chart = window.echarts.init(figure.querySelector(".tp-map-canvas"), null, { renderer: "svg" });
    const named = (code) => (regions[code] ? `${regions[code].name}: ${regions[code].label}` : "");
    const data = Object.entries(regions).map(([code, one]) => ({
      name: code, itemStyle: { areaColor: fills[one.state] },
    }));
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: colour("--font") },
      tooltip: { trigger: "item", renderMode: "richText", formatter: ({ name }) => named(name) },
      series: [{
        type: "map", map: "regions", nameProperty: "adcode", roam: window.innerWidth > 600, data, selectedMode: false,
        itemStyle: { areaColor: colour("--inset"), borderColor: colour("--line-2") },
        emphasis: { label: { show: false }, itemStyle: { areaColor: colour("--warn-t") } },
      }],
    });
    chart.on("click", ({ name }) => { if (regions[name] && regions[name].url) location.assign(regions[name].url); });
    new ResizeObserver(() => chart.resize()).observe(figure);
  };
  fetch(figure.dataset.outline).then((answer) => (answer.ok ? answer.json().then(draw) : null));
})();
