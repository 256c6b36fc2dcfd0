// @ts-expect-error: its types are those of its CommonJS.
import { init } from 'echarts'
import { figure } from './table.js'
import type { Row } from './row.js'

/** How far each figure is from its bar, as an SVG: what reaches 1 has not met it. */
export function chartOf(rows: readonly Row[]): string {
  const promised = rows.filter(({ bar }) => bar !== undefined).toReversed()
  const share = ({ ratio, bar, atLeast }: Row) => (atLeast ? bar! / ratio : ratio / bar!)
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 960, height: 60 + 26 * promised.length })
  chart.setOption({
    animation: false,
    title: { text: 'Measured, as a share of what was promised (less is better)', textStyle: { fontSize: 14 } },
    grid: { left: 460, right: 60, top: 40, bottom: 20 },
    xAxis: { type: 'value', min: 0, max: 1.2 },
    yAxis: { type: 'category', data: promised.map(({ name }) => name), axisLabel: { fontSize: 11 } },
    series: [
      {
        type: 'bar',
        data: promised.map((row) => ({ value: share(row), itemStyle: { color: row.met ? '#3b7ea1' : '#c4820e' } })),
        label: {
          show: true,
          position: 'right',
          formatter: ({ dataIndex }: { dataIndex: number }) => figure(promised[dataIndex]!.ratio),
        },
        markLine: { symbol: 'none', label: { show: false }, data: [{ xAxis: 1 }] },
      },
    ],
  })
  const svg = chart.renderToSVGString()
  // Its timer would keep the process alive.
  chart.dispose()
  return svg
}
