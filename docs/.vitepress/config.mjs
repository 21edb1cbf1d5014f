// The site of this folder. .ci/site builds it and checks its links.
const page = (text, link) => ({ text, link })

export default {
  title: 'bothways',
  description: 'Two S3 buckets in two regions, each replicating to the other',
  markdown: { linkify: false },
  themeConfig: {
    outline: [2, 3],
    search: { provider: 'local' },
    sidebar: [
      {
        text: 'How to',
        items: [
          page('Explore a pair', '/explore'),
          page('Give a demo', '/demo'),
          page('Hold a drill', '/drill-day'),
          page('Find out why nothing replicates', '/not-replicating'),
        ],
      },
      {
        text: 'Look up',
        items: [
          page('Guide', '/guide'),
          page('Commands and flags', '/reference'),
          page('Rights in AWS', '/policy'),
          page('Settings', '/config'),
          page('The sandbox', '/sandbox'),
          page('Questions', '/faq'),
        ],
      },
      {
        text: 'What stands behind it',
        items: [
          page('How the numbers are got', '/method'),
          page('How an audit is done', '/audit'),
          page('Drills', '/drill'),
          page('What goes wrong', '/pains'),
        ],
      },
    ],
  },
}
