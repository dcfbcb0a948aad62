// Figures are drawn as wide as the window; on paper they are drawn anew, as wide as a page of A4 between its margins.
const PAPER = 690;
const figures = () => [...document.querySelectorAll(".js-plotly-plot")];
addEventListener("beforeprint", () => {
  for (const figure of figures()) window.Plotly.relayout(figure, { width: PAPER });
});
addEventListener("afterprint", () => {
  for (const figure of figures()) window.Plotly.relayout(figure, { width: null, autosize: true });
});
