weir split --words --lower prose.in | weir wordcount --lower -n 4
