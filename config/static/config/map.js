// Maps: zones and dwellings on a plain ground; tiles only where the site names some. The list beside says the same.
"use strict";

const FRANCE = [[41.3, -5.2], [51.1, 9.6]];

const MOST_NAMES = 12;

// On a plain ground, the names of the zones are all that tells where one is; of many, only the one that is pointed at.
function drawZones(map, zones, isPlain) {
  const drawn = L.geoJSON(zones, { color: "#0f5160", weight: 2, fillColor: "#bdd6db", fillOpacity: 0.5 });
  const always = { permanent: true, direction: "bottom", offset: [0, 16], className: "pl-zone-name" };
  drawn.bindTooltip((layer) => layer.feature.properties.name, isPlain && zones.length <= MOST_NAMES ? always : {});
  return drawn.addTo(map);
}

function drawStops(map, stops) {
  return stops.map((stop) => {
    const icon = L.divIcon({ className: "pl-pin", html: String(stop.number), iconSize: [32, 32] });
    const marker = L.marker(stop.place, { icon, title: stop.label, alt: stop.label, riseOnHover: true }).addTo(map);
    marker.on("click keypress", () => { window.location.hash = stop.target; });
    return marker;
  });
}

// Close cases are gathered under their number; each one keeps the shape and the colour of its state.
function drawCases(map, cases) {
  if (!cases.length) return [];
  const group = L.markerClusterGroup({
    showCoverageOnHover: false,
    iconCreateFunction: (cluster) => {
      const count = cluster.getChildCount();
      return L.divIcon({ className: "pl-cluster", html: `${count}<span class="visually-hidden"> dossiers\u00a0: agrandir</span>`, iconSize: [40, 40] });
    },
  });
  const markers = cases.map((each) => {
    const icon = L.divIcon({ className: `pl-case ${each.family}`, html: "", iconSize: [24, 24] });
    const marker = L.marker(each.place, { icon, title: each.label, alt: each.label });
    marker.on("click keypress", () => { window.location.assign(each.target); });
    return marker;
  });
  map.addLayer(group.addLayers(markers));
  return markers;
}

function fit(map, layers, markers) {
  const bounds = L.latLngBounds(markers.map((marker) => marker.getLatLng()));
  if (!bounds.isValid() && layers.getLayers().length) bounds.extend(layers.getBounds());
  map.fitBounds(bounds.isValid() ? bounds.pad(0.2) : FRANCE, { maxZoom: 17 });
}

// A click writes the two coordinates; the two coordinates move the point.
function pick(map) {
  const fields = ["latitude", "longitude"].map((name) => document.getElementById(`id_${name}`));
  const number = (field) => Number.parseFloat(field.value.replace(",", "."));
  let marker = null;
  function show() {
    const place = fields.map(number);
    if (place.some(Number.isNaN)) return null;
    if (marker === null) {
      marker = L.marker(place, { icon: L.divIcon({ className: "pl-pin", html: "", iconSize: [24, 24] }), keyboard: false }).addTo(map);
    }
    marker.setLatLng(place);
    return place;
  }
  map.on("click", (event) => {
    fields[0].value = event.latlng.lat.toFixed(6).replace(".", ",");
    fields[1].value = event.latlng.lng.toFixed(6).replace(".", ",");
    show();
  });
  fields.forEach((field) => field.addEventListener("change", show));
  const known = show();
  if (known) map.setView(known, 17);
}

for (const element of document.querySelectorAll("[data-map]")) {
  const content = JSON.parse(element.dataset.map);
  const map = L.map(element, { attributionControl: Boolean(content.tiles), zoomSnap: 0.5, maxZoom: 19 });
  if (content.tiles) L.tileLayer(content.tiles, { maxZoom: 19, attribution: "© les contributeurs d’OpenStreetMap" }).addTo(map);
  const zones = drawZones(map, content.zones, !content.tiles);
  fit(map, zones, [...drawStops(map, content.stops), ...drawCases(map, content.cases)]);
  if ("picks" in element.dataset) pick(map);
}
