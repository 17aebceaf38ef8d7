function process(data) {

  return dtaa.items;
}
