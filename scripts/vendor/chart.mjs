// What the console's charts use of Chart.js.
export {
  BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, LineController, LineElement, PointElement,
  ScatterController, Tooltip,
} from "chart.js";
